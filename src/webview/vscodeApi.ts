import { type Api, type Handlers, Peer } from '../protocol/rpc.ts';

/** What VS Code gives a webview, once per page. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The page's side of VS Code: typed calls to the host, and a place for state that outlives a hidden tab. */
export interface WebviewHost<Remote extends Api> {
  readonly call: Peer<Api, Remote>['call'];
  /** What `saveState` kept; `undefined` in a new tab. */
  savedState(): unknown;
  saveState(state: unknown): void;
}

/** Connects the page with the extension host; called once. */
export function connectToHost<Local extends Api, Remote extends Api>(
  handlers: Handlers<Local>,
): WebviewHost<Remote> {
  const api = acquireVsCodeApi();
  const peer = new Peer<Local, Remote>((frame) => api.postMessage(frame), handlers);
  window.addEventListener('message', (event) => void peer.receive(event.data));
  return {
    call: (kind, params) => peer.call(kind, params),
    savedState: () => api.getState(),
    saveState: (state) => api.setState(state),
  };
}
