/** One back, one on: two buttons, and between them where one is. */
interface Props {
  /** Stands in the test ids: `NAME-previous`, `NAME-next`. */
  readonly name: string;
  /** What is stepped through, in the buttons' names. */
  readonly label: string;
  readonly text: string;
  readonly help: string;
  readonly short?: boolean;
  readonly disabled?: boolean;
  readonly onStep: (by: 1 | -1) => void;
}

export function Stepper({ name, label, text, help, short = false, disabled = false, onStep }: Props) {
  const button = (by: 1 | -1) => {
    const word = by < 0 ? 'previous' : 'next';
    return (
      <button
        type="button"
        data-testid={`${name}-${word}`}
        disabled={disabled}
        aria-label={`${word} ${label}`}
        title={`${help}: the ${word} one.`}
        onClick={() => onStep(by)}
      >
        {by < 0 ? '‹' : '›'}
      </button>
    );
  };
  return (
    <div className={short ? 'stepper short' : 'stepper'} title={`${help}.`}>
      {button(-1)}
      <output className="digits" data-testid={name}>
        {text}
      </output>
      {button(1)}
    </div>
  );
}
