/** A panel answers one question, which is its title; one line below says how to read the figure. */
import { useId, useRef, type ReactNode } from 'react';
import { Boundary } from './Boundary.tsx';
import { SaveMenu } from './SaveMenu.tsx';

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
  const panel = useRef<HTMLElement>(null);
  return (
    <section ref={panel} className={`panel panel-${name}`} data-testid={`panel-${name}`} aria-labelledby={id}>
      <div className="panel-head">
        <div>
          <h2 id={id}>{question}</h2>
          {legend !== undefined && <p className="legend">{legend}</p>}
        </div>
        {aside !== undefined && <div className="panel-aside">{aside}</div>}
        <SaveMenu name={name} title={question} panel={panel} />
      </div>
      <Boundary>{children}</Boundary>
    </section>
  );
}
