/** Saves what a panel shows at this moment. */
import { formatMacs } from '../../figures/format.ts';
import type { Playground } from '../playground.ts';
import { shownSnapshot } from '../state.ts';
import { composePicture, pictureName, type Picture } from './compose.ts';
import { download, toPng } from './files.ts';
import { dress, readFigures, readPageStyle } from './page.ts';

export interface PanelParts {
  readonly name: string;
  readonly title: string;
  readonly element: HTMLElement;
}

export async function savePanel(
  playground: Playground,
  panel: PanelParts,
  format: 'svg' | 'png' | 'json',
): Promise<void> {
  const state = playground.store.getState();
  const step = shownSnapshot(state)?.step ?? 0;
  const content = await contentOf(playground, panel, format);
  download(content, pictureName(panel.name, state.shownTask, step, format));
}

async function contentOf(playground: Playground, panel: PanelParts, format: 'svg' | 'png' | 'json'): Promise<Blob> {
  switch (format) {
    case 'json': {
      const architecture = shownSnapshot(playground.store.getState())?.architecture;
      return new Blob([`${JSON.stringify(architecture, null, 2)}\n`], { type: 'application/json' });
    }
    case 'svg':
      return new Blob([(await takePicture(playground, panel)).svg], { type: 'image/svg+xml' });
    case 'png':
      return toPng(await takePicture(playground, panel));
  }
}

/** All figures of the panel under its title. */
async function takePicture({ store }: Playground, { name, title, element }: PanelParts): Promise<Picture> {
  const state = store.getState();
  const snapshot = shownSnapshot(state);
  // Taken before anything is waited for, while the picture and its caption belong together.
  const figures = readFigures(element);
  if (figures.length === 0 || snapshot === null) throw new Error('this panel shows no figure at the moment');
  const legend = element.querySelector('.legend')?.textContent ?? '';
  const task = state.tasks.find(({ id }) => id === state.shownTask)?.title ?? state.shownTask;
  const { macs } = snapshot.architecture;
  const subtitle = `${task} · step ${snapshot.step} · ${formatMacs(macs)} of a budget of ${formatMacs(snapshot.target)}`;
  const classes = `panel panel-${name}`;
  const labels = figures.map(({ label }) => label).join(' ');
  return composePicture({
    ...dress(await readPageStyle(), figures, { classes, text: title + subtitle + labels }),
    classes,
    title,
    subtitle,
    description: `${legend} ${labels}`.trim(),
    figures,
  });
}
