/** Opens the page: one engine, one playground, and the address kept in step with the settings. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { EngineClient } from '../engine/client.ts';
import { OwnStore } from '../own/store.ts';
import { TASKS } from '../tasks/index.ts';
import { App } from './App.tsx';
import { PlaygroundContext } from './context.ts';
import { Playground } from './playground.ts';
import './tokens.css';
import './styles.css';
import './panels.css';
import './controls.css';
import './cards.css';
import './budget.css';
import './view.css';
import './draw/draw.css';
import '../figures/figures.css';
import '../figures/network.css';
import '../figures/answer.css';

/** Time between two drawings of the run: calm for the eye, and it leaves the processor to the training. */
const DRAW_MS = 80;

let drawn = 0;
function nextFrame(callback: () => void): void {
  const wait = Math.max(0, drawn + DRAW_MS - performance.now());
  setTimeout(() => {
    requestAnimationFrame((now) => {
      drawn = now;
      callback();
    });
  }, wait);
}

// A browser that keeps nothing still shows the page; a link to own data then says that they are not there.
const own = await new OwnStore().list().catch(() => []);

const playground = new Playground({
  tasks: TASKS,
  own,
  engine: new EngineClient(),
  hash: location.hash,
  nextFrame,
});

let link = playground.link();
playground.store.subscribe(() => {
  const now = playground.link();
  if (now === link) return;
  link = now;
  history.replaceState(null, '', now === '' ? location.pathname + location.search : `#${now}`);
});
addEventListener('hashchange', () => playground.follow(location.hash));

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element #root.');
createRoot(root).render(
  <StrictMode>
    <PlaygroundContext value={playground}>
      <App />
    </PlaygroundContext>
  </StrictMode>,
);
