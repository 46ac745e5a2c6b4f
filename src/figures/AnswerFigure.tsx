/** What the network answers to one sample it never trained on, drawn as the sample's field draws it. */
import { memo } from 'react';
import type { Probe } from '../engine/protocol.ts';
import { AnswerClasses, AnswerTokens } from './AnswerClasses.tsx';
import { AnswerMask } from './AnswerMask.tsx';
import { AnswerField, AnswerLines } from './AnswerField.tsx';
import { AnswerTrace } from './AnswerTrace.tsx';
import { Measured } from './Measured.tsx';
import { verdictOf } from './output.ts';

export interface AnswerProps {
  readonly probe: Probe;
  /** Names of the classes or, of a field, of its channels. */
  readonly classes: readonly string[];
  /** What each token stands for, where the inputs are tokens. */
  readonly tokens: readonly string[];
  /** The class of a position where there is nothing. */
  readonly background: number | null;
  /** How long a sequence lasts, where that is known. */
  readonly seconds: number | null;
}

export const AnswerFigure = memo(function AnswerFigure(props: AnswerProps) {
  const { says, choice } = verdictOf(props.probe.output, props.classes);
  return (
    <div className="answer-figure" data-testid="figure-answer">
      <p className="reading verdict">
        <b>{says}</b>
        {choice !== null && (
          <>
            {' '}
            · the truth is <b>{choice.truth}</b>
            <span className={choice.isRight ? 'is-right' : 'is-wrong'}>{choice.isRight ? '✓ right' : '✗ wrong'}</span>
          </>
        )}
      </p>
      <Measured>{(width) => <AnswerPicture {...props} width={width} />}</Measured>
    </div>
  );
});

function AnswerPicture({
  probe,
  classes,
  tokens,
  background,
  seconds,
  width,
}: AnswerProps & { readonly width: number }) {
  const { input, output } = probe;
  const flat = input.grid.length === 1;
  switch (output.kind) {
    case 'classes':
      return probe.tokens === null ? (
        <AnswerClasses {...{ input, output, classes, seconds, width }} />
      ) : (
        <AnswerTokens {...{ output, classes, width, names: tokens }} tokens={probe.tokens} />
      );
    case 'dense':
      return flat ? (
        <AnswerTrace {...{ input, output, classes, background, seconds, width }} />
      ) : (
        <AnswerMask {...{ input, output, classes, background, width }} />
      );
    case 'field':
      return flat ? <AnswerLines {...{ input, output, width }} /> : <AnswerField {...{ input, output, width }} />;
  }
}
