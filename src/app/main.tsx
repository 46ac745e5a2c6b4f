/** Opens the page: one engine, one playground, and the address kept in step with the settings. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { EngineClient } from '../engine/client.ts';
import { TASKS } from '../tasks/index.ts';
import { App } from './App.tsx';
import { PlaygroundContext } from './context.ts';
import { Playground } from './playground.ts';
import { settingTable } from './settings.ts';
import './styles.css';
import './controls.css';
import '../figures/figures.css';

const playground = new Playground({
  tasks: TASKS,
  table: settingTable(TASKS),
  engine: new EngineClient(),
  hash: location.hash,
  nextFrame: (callback) => requestAnimationFrame(callback),
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
