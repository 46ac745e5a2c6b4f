/** Keeps a figure that cannot be drawn from taking the page and its controls with it. */
import { Component, type ReactNode } from 'react';

interface Props {
  readonly children: ReactNode;
}

interface Drawn {
  readonly problem: string | null;
}

export class Boundary extends Component<Props, Drawn> {
  override state: Drawn = { problem: null };

  static getDerivedStateFromError(error: unknown): Drawn {
    return { problem: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { problem } = this.state;
    if (problem === null) return this.props.children;
    return (
      <div className="problem" role="alert">
        <p>This figure could not be drawn: {problem}. Training goes on.</p>
        <button type="button" title="Draw the figure again." onClick={() => this.setState({ problem: null })}>
          Draw again
        </button>
      </div>
    );
  }
}
