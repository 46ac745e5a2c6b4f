/** Where files and folders are dropped or chosen. */
import { useRef } from 'react';
import { useStore } from 'zustand';
import { chosenFiles } from './dropped.ts';
import { ReadOptions } from './ReadOptions.tsx';
import type { OwnReading } from './reading.ts';

/** React knows no such attribute, but every browser does. */
const OF_FOLDERS: object = { webkitdirectory: '' };

export function FilesTab({ reading }: { readonly reading: OwnReading }) {
  const given = useStore(reading.store, (state) => state.given);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    if (input.files === null || input.files.length === 0) return;
    const chosen = chosenFiles(input.files);
    // So that the same file can be chosen again after it was mended.
    input.value = '';
    void reading.giveFiles(Promise.resolve(chosen));
  };
  return (
    <>
      <div className="drop-zone" data-testid="own-drop">
        <p>
          <strong>Drop files or folders here,</strong> or anywhere on the page
        </p>
        <div className="buttons">
          <button type="button" title="Choose one or several files." onClick={() => files.current?.click()}>
            Choose files…
          </button>
          <button type="button" title="Choose a folder of a folder a class." onClick={() => folder.current?.click()}>
            Choose a folder…
          </button>
        </div>
        <input
          ref={files}
          type="file"
          multiple
          hidden
          data-testid="own-files"
          aria-label="Files"
          onChange={({ target }) => take(target)}
        />
        <input
          ref={folder}
          type="file"
          {...OF_FOLDERS}
          hidden
          aria-label="Folder"
          onChange={({ target }) => take(target)}
        />
      </div>
      {given?.type === 'files' && (
        <div className="again">
          <p>If the table or the arrays mean something else, say so:</p>
          <ReadOptions about={null} reading={reading} />
        </div>
      )}
      <dl className="formats">
        <dt>Images, WAV sounds</dt>
        <dd>a folder a class, or a zip of that</dd>
        <dt>Series</dt>
        <dd>CSV with a column of labels; .ts and .tsv of the time-series archives</dd>
        <dt>Arrays</dt>
        <dd>NPZ or NPY with x and y: classes, a class a position, or values</dd>
        <dt>Official files</dt>
        <dd>MNIST and its family (IDX), CIFAR-10 and -100 (binary)</dd>
      </dl>
    </>
  );
}
