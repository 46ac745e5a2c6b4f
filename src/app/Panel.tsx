/** A panel answers one question, which is its title; one line below says how to read the figure. */
import { useId, type ReactNode } from 'react';

interface Props {
  readonly name: string;
  readonly question: string;
  readonly children: ReactNode;
  /** How to read the figure. */
  readonly legend?: ReactNode;
}

export function Panel({ name, question, children, legend }: Props) {
  const id = useId();
  return (
    <section className={`panel panel-${name}`} data-testid={`panel-${name}`} aria-labelledby={id}>
      <h2 id={id}>{question}</h2>
      {legend !== undefined && <p className="legend">{legend}</p>}
      {children}
    </section>
  );
}
