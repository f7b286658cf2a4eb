import { render } from 'lit/html.js';
import type { JobPageHost, JobPageWebview } from '../../protocol/jobPage.ts';
import { announcerFor } from '../announcer.ts';
import { connectToHost } from '../vscodeApi.ts';
import { JobPageController } from './jobPageController.ts';
import { view } from './view.ts';

/** Durations of a running job tick every second. */
const tickMs = 1000;

/** The page's start: a place to draw in, the connection with the host, and the behaviour between them. */
function start(): void {
  const root = document.createElement('main');
  const status = document.createElement('div');
  status.className = 'visually-hidden';
  status.role = 'status';
  document.body.append(root, status);

  const host = connectToHost<JobPageWebview, JobPageHost>({
    replace: (state) => controller.replace(state),
  });
  const controller: JobPageController = new JobPageController(
    host,
    (page) => render(view(page, controller), root),
    announcerFor(status),
  );
  setInterval(() => controller.tick(), tickMs);
  // It shows its own failure.
  void controller.load();
}

start();
