import { render } from 'lit/html.js';
import { messageOf } from '../../core/problem.ts';
import type { TrainingFormHost, TrainingFormPage } from '../../protocol/trainingForm.ts';
import { connectToHost } from '../vscodeApi.ts';
import { announcerFor } from '../announcer.ts';
import { TrainingForm } from './trainingForm.ts';
import { view } from './view.ts';

/** The page's start: a place to draw in, the connection with the host, and the form between them. */
function start(): void {
  const root = document.createElement('main');
  const status = document.createElement('div');
  status.className = 'visually-hidden';
  status.role = 'status';
  document.body.append(root, status);

  const host = connectToHost<TrainingFormPage, TrainingFormHost>({
    replace: (state) => form.replace(state),
    fileChanged: ({ atMs }) => form.fileChanged(atMs),
  });
  const form: TrainingForm = new TrainingForm(
    host,
    (page) => render(view(page, form), root),
    announcerFor(status),
  );
  form.start();
  window.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void form.launch();
  });
  form.load().catch((error: unknown) => {
    form.replace({ kind: 'unreadable', fileName: '', reason: messageOf(error) });
  });
}

start();
