import * as vscode from 'vscode';
import type { Disposable } from '../core/disposables.ts';
import type { Place } from '../protocol/trainingForm.ts';

/** The one item in the status bar: where jobs run, and how many do. Made only once a connection was used. */
export class StatusBar implements Disposable {
  #item: vscode.StatusBarItem | undefined;

  show(place: Place, running: number): void {
    this.#item ??= this.#create();
    const spinning = running > 0 ? ` $(loading~spin) ${running}` : '';
    this.#item.text = `$(${place.icon}) SageMaker: ${place.shortLabel}${spinning}`;
    const jobs = running === 1 ? '1 job running' : `${running} jobs running`;
    this.#item.tooltip = `SageMaker jobs run here: ${place.label}.${running > 0 ? ` ${jobs}.` : ''} Click to change it.`;
    this.#item.accessibilityInformation = { label: `SageMaker: ${place.shortLabel}, ${jobs}` };
    this.#item.show();
  }

  dispose(): void {
    this.#item?.dispose();
  }

  #create(): vscode.StatusBarItem {
    const item = vscode.window.createStatusBarItem('sagemakerJobs.place', vscode.StatusBarAlignment.Left, 50);
    item.name = 'SageMaker Jobs';
    item.command = {
      command: 'workbench.action.openSettings',
      title: 'Connection Settings',
      arguments: ['sagemakerJobs.connection'],
    };
    return item;
  }
}
