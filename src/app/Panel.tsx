/** A panel answers one question, which is its title; one line below says how to read the figure. */
import { useId, type ReactNode } from 'react';
import { Boundary } from './Boundary.tsx';

interface Props {
  readonly name: string;
  readonly question: string;
  readonly children: ReactNode;
  /** How to read the figure. */
  readonly legend?: ReactNode;
  /** What stands beside the title. */
  readonly aside?: ReactNode;
}

export function Panel({ name, question, children, legend, aside }: Props) {
  const id = useId();
  return (
    <section className={`panel panel-${name}`} data-testid={`panel-${name}`} aria-labelledby={id}>
      <div className="panel-head">
        <div>
          <h2 id={id}>{question}</h2>
          {legend !== undefined && <p className="legend">{legend}</p>}
        </div>
        {aside}
      </div>
      <Boundary>{children}</Boundary>
    </section>
  );
}
