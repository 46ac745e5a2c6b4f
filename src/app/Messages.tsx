/** What went wrong, and what can be done about it. */
import { BACKENDS, type BackendName } from '../engine/protocol.ts';
import { BACKEND_NAMES } from './BackendPanel.tsx';
import { usePart, usePlayground } from './context.ts';

const ALL: readonly { readonly name: BackendName }[] = BACKENDS.map((name) => ({ name }));

export function Failure() {
  const playground = usePlayground();
  const failure = usePart((state) => state.failure);
  const backend = usePart((state) => state.backend);
  const backends = usePart((state) => state.backends);
  const chosen = usePart((state) => state.settings.backend);
  if (failure === null) return null;
  // Before the engine has reported, each backend may be tried.
  const usable = backends.length > 0 ? backends.filter(({ reason }) => reason === null) : ALL;
  const others = usable.filter(({ name }) => name !== (backend ?? chosen));
  return (
    <div className="banner failure" role="alert" data-testid="failure" data-fatal={failure.fatal}>
      <p>
        <strong>{failure.message}</strong> {failure.remedy}
      </p>
      <div className="buttons">
        {failure.fatal && (
          <>
            <button
              type="button"
              data-testid="retry"
              title="Start the same run again."
              onClick={() => playground.retry()}
            >
              Try again
            </button>
            {others.map(({ name }) => (
              <button
                key={name}
                type="button"
                title={`Start the run again on ${BACKEND_NAMES[name]}.`}
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
