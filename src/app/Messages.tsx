/** What went wrong, and what can be done about it. */
import { BACKEND_NAMES } from './BackendPanel.tsx';
import { usePart, usePlayground } from './context.ts';

export function Failure() {
  const playground = usePlayground();
  const failure = usePart((state) => state.failure);
  const backend = usePart((state) => state.backend);
  const backends = usePart((state) => state.backends);
  if (failure === null) return null;
  const others = backends.filter(({ name, milliseconds }) => name !== backend && milliseconds !== null);
  return (
    <div className="banner failure" role="alert" data-testid="failure" data-fatal={failure.fatal}>
      <p>
        <strong>{failure.message}</strong> {failure.remedy}
      </p>
      <div className="buttons">
        {failure.fatal && (
          <>
            <button type="button" data-testid="retry" title="Start the same run again." onClick={() => playground.retry()}>
              Try again
            </button>
            {others.map(({ name, device }) => (
              <button
                key={name}
                type="button"
                title={`Start the run again on ${device}.`}
                onClick={() => playground.retryWith(name)}
              >
                Use {BACKEND_NAMES[name]}
              </button>
            ))}
          </>
        )}
        {!failure.fatal && (
          <button type="button" title="Hide this message." onClick={() => playground.dismissFailure()}>
            Hide
          </button>
        )}
      </div>
    </div>
  );
}

export function Notices() {
  const playground = usePlayground();
  const notices = usePart((state) => state.notices);
  if (notices.length === 0) return null;
  return (
    <div className="banner notice" role="status" data-testid="notices">
      <div>
        {notices.map((notice) => (
          <p key={notice}>{notice}</p>
        ))}
      </div>
      <button type="button" title="Hide this message." onClick={() => playground.dismissNotices()}>
        Hide
      </button>
    </div>
  );
}
