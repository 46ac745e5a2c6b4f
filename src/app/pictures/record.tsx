/**
 * The run as a film: each frame is drawn from the history, not from the screen, so the training may go on meanwhile.
 * This part of the page is loaded only when a recording is asked for.
 */
import { createRoot } from 'react-dom/client';
import { flushSync } from 'react-dom';
import type { Evaluation } from '../../engine/protocol.ts';
import { CostFigure } from '../../figures/CostFigure.tsx';
import { formatMacs } from '../../figures/format.ts';
import { NetworkPicture } from '../../figures/NetworkFigure.tsx';
import type { Task } from '../../tasks/task.ts';
import type { History, HistoryPoint, Samples } from '../history.ts';
import { metricWords } from '../metric.ts';
import type { Playground } from '../playground.ts';
import { composePicture, pictureName, spreadSteps, type Picture } from './compose.ts';
import type { Encoder } from './encoder.ts';
import { download, drawPicture, openCanvas } from './files.ts';
import { dress, readFigures, readPageStyle, type PageStyle } from './page.ts';

const WIDTH = 1280;
const FIGURE_WIDTH = 1232;
const FRAMES = 240;
const SECONDS_A_FRAME = 1 / 24;
const HOLD_SECONDS = 2;
const WAIT_MS = 20;
const MOST_WAITS = 100;
const CHART_LABEL = 'MMAC a sample over the steps, a band a block; the line is the budget.';
/** Channel of the maps on the faces. */
const CHANNEL = 0;

export interface Watcher {
  readonly signal: AbortSignal;
  readonly onProgress: (frame: number, frames: number) => void;
}

interface Frame {
  readonly point: HistoryPoint;
  readonly samples: Samples | undefined;
  /** The run up to here. */
  readonly points: readonly HistoryPoint[];
  readonly held: Evaluation | undefined;
}

/** Saves the run up to now, unless it is cancelled meanwhile. */
export async function saveRecording({ store }: Playground, watcher: Watcher): Promise<void> {
  const { history, tasks, shownTask, snapshot } = store.getState();
  const task = tasks.find(({ id }) => id === shownTask);
  if (task === undefined || snapshot === null) throw new Error('there is no run to record yet');
  const film = await recordRun(task, history, watcher);
  if (film !== null) download(film.blob, pictureName('network', shownTask, snapshot.step, film.extension));
}

async function recordRun(
  task: Task,
  history: History,
  { signal, onProgress }: Watcher,
): Promise<{ blob: Blob; extension: string } | null> {
  const frames = framesOf(history);
  const style = await readPageStyle();
  const [first] = frames;
  if (first === undefined) throw new Error('there is no step to record yet');
  const stage = await openStage(task, style, first);
  try {
    // A frame that is higher than these is drawn smaller.
    const height = evenly(Math.max(stage.draw(first).height, stage.draw(frames.at(-1) ?? first).height));
    const film = openCanvas(WIDTH, height);
    const encoder = await openEncoder(film, { width: WIDTH, height });
    const chosen = frames.filter((_, i) => i % encoder.every === 0 || i === frames.length - 1);
    for (const [i, frame] of chosen.entries()) {
      if (signal.aborted) {
        await encoder.cancel();
        return null;
      }
      onProgress(i + 1, chosen.length);
      await drawPicture(stage.draw(frame, height), film, encoder.scale);
      await encoder.add(i === chosen.length - 1 ? HOLD_SECONDS : encoder.every * SECONDS_A_FRAME);
      // Lets the page draw and the training speak.
      await new Promise((resolve) => setTimeout(resolve));
    }
    return { blob: await encoder.finish(), extension: encoder.extension };
  } finally {
    stage.close();
  }
}

/** Video encoders want even numbers. */
const evenly = (size: number): number => 2 * Math.ceil(size / 2);

async function openEncoder(
  film: CanvasRenderingContext2D,
  size: { readonly width: number; readonly height: number },
): Promise<Encoder> {
  const { openWebm } = await import('./webm.ts');
  const video = await openWebm(film.canvas, size);
  if (video !== null) return video;
  const { openGif } = await import('./gif.ts');
  const gif = openGif(film);
  film.canvas.width = Math.round(size.width * gif.scale);
  film.canvas.height = Math.round(size.height * gif.scale);
  return gif;
}

/** Taken all at once: the history goes on growing, and forgets. */
function framesOf(history: History): Frame[] {
  const points = [...history.points];
  const evaluations = [...history.evaluations];
  const steps = spreadSteps(points[0]?.step ?? 0, points.at(-1)?.step ?? 0, FRAMES);
  return steps.flatMap((step): Frame[] => {
    const point = history.at(step);
    if (point === undefined) return [];
    return [
      {
        point,
        samples: history.samplesAt(step),
        points: points.filter((earlier) => earlier.step <= step),
        held: evaluations.findLast((evaluation) => evaluation.step <= step),
      },
    ];
  });
}

interface Stage {
  readonly draw: (frame: Frame, height?: number) => Picture;
  readonly close: () => void;
}

/** Draws frames beside the page, out of sight of eyes, keyboards and screen readers. */
async function openStage(task: Task, style: PageStyle, first: Frame): Promise<Stage> {
  const host = document.createElement('div');
  host.inert = true;
  host.style.cssText = `position:fixed;left:-10000px;top:0;width:${FIGURE_WIDTH}px;visibility:hidden`;
  document.body.append(host);
  // Behind a shadow root the page's styles cost nothing there.
  const root = createRoot(host.attachShadow({ mode: 'open' }));
  let drawn = 0;
  const show = ({ point, samples, points }: Frame) => {
    drawn += 1;
    flushSync(() =>
      root.render(
        <>
          <NetworkPicture
            // A new one each time, which does not glide from the frame before.
            key={drawn}
            architecture={point.snapshot.architecture}
            kernels={samples?.kernels ?? []}
            probe={samples?.probe ?? null}
            classes={task.classes}
            channel={CHANNEL}
            width={FIGURE_WIDTH}
          />
          <CostFigure points={points} version={drawn} />
        </>,
      ),
    );
  };
  show(first);
  await measured(host);
  return {
    draw: (frame, height) => {
      show(frame);
      const [network, ...charts] = readFigures(host.shadowRoot ?? host);
      if (network === undefined) throw new Error('the network could not be drawn');
      // The title says what it is.
      const figures = [{ ...network, label: '' }, ...charts.map((chart) => ({ ...chart, label: CHART_LABEL }))];
      const title = `DNArch: ${task.title}`;
      const subtitle = captionOf(frame, task);
      return composePicture({
        ...dress(style, figures, { classes: 'recording', text: title + subtitle }),
        classes: 'recording',
        title,
        subtitle,
        description: subtitle,
        figures,
        minWidth: FIGURE_WIDTH,
        ...(height === undefined ? {} : { height }),
      });
    },
    close: () => {
      root.unmount();
      host.remove();
    },
  };
}

/** The chart is drawn once it has been told its width; where that does not come, the film goes without. */
async function measured(host: HTMLElement): Promise<void> {
  for (let wait = 0; wait < MOST_WAITS; wait++) {
    if (host.shadowRoot?.querySelector('svg.plot') != null) return;
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}

function captionOf({ point, held }: Frame, task: Task): string {
  const cost = `${formatMacs(point.macs)} of a budget of ${formatMacs(point.target)}`;
  const { short, format } = metricWords(task);
  return `Step ${point.step} · ${cost} · held-out ${short}: ${format(held?.metric ?? NaN)}`;
}
