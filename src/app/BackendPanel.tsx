/** What does the arithmetic: the choice, what was measured of each, and why one is missing. */
import type { BackendName } from '../engine/protocol.ts';
import { formatTime } from '../figures/format.ts';
import { usePart } from './context.ts';
import { SettingControl } from './SettingControl.tsx';

export const BACKEND_NAMES: Record<BackendName, string> = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'WebAssembly',
  cpu: 'JavaScript',
};

export function BackendPanel() {
  const backend = usePart((state) => state.backend);
  const backends = usePart((state) => state.backends);
  return (
    <section className="backend" data-testid="backend" data-name={backend ?? undefined} aria-label="Backend">
      <SettingControl settingKey="backend" />
      {backends.length > 0 && (
        <ul>
          {backends.map(({ name, device, milliseconds, reason }) => (
            <li key={name} className={name === backend ? 'used' : ''}>
              <span className="backend-name">
                {name === backend ? '● ' : ''}
                {BACKEND_NAMES[name]}
              </span>
              <span className="digits" title="Time of a short measurement when the page opened.">
                {reason !== null ? 'missing' : milliseconds === null ? 'not measured' : formatTime(milliseconds)}
              </span>
              <span className="device">{reason ?? device}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
