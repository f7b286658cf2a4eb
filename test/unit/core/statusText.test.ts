import assert from 'node:assert/strict';
import { statusText } from '../../../src/core/statusText.ts';

describe('statusText', () => {
  it('has a word, an icon and a colour for each state', () => {
    const states = [
      ['InProgress', 'Starting'],
      ['InProgress', 'Downloading'],
      ['InProgress', 'Training'],
      ['InProgress', 'Uploading'],
      ['InProgress', 'Restarting'],
      ['InProgress', 'Updating'],
      ['InProgress', 'Pending'],
      ['InProgress', 'Interrupted'],
      ['InProgress', 'LaunchingMLInstances'],
      ['InProgress', undefined],
      ['InProgress', 'Meditating'],
      ['Stopping', 'Uploading'],
      ['Deleting', undefined],
      ['Completed', 'Completed'],
      ['Failed', 'Failed'],
      ['Stopped', 'Stopped'],
      ['Stopped', 'MaxRuntimeExceeded'],
      ['Stopped', 'MaxWaitTimeExceeded'],
      ['Vanished', undefined],
      ['constructor', undefined],
    ] as const;
    const shown = states.map(([status, secondaryStatus]) => {
      const { word, icon, color } = statusText({ status, ...(secondaryStatus && { secondaryStatus }) });
      return `${word} | ${icon} | ${color}`;
    });
    assert.equal(
      shown.join('\n'),
      `Starting | loading~spin | charts.blue
Downloading | loading~spin | charts.blue
Training | loading~spin | charts.blue
Uploading | loading~spin | charts.blue
Restarting | loading~spin | charts.blue
Updating | loading~spin | charts.blue
Waiting for capacity | clock | list.warningForeground
Interrupted, will restart | debug-pause | list.warningForeground
Starting | loading~spin | charts.blue
In progress | loading~spin | charts.blue
Meditating | question | foreground
Stopping | loading~spin | list.warningForeground
Deleting | loading~spin | list.warningForeground
Completed | pass | testing.iconPassed
Failed | error | testing.iconFailed
Stopped | circle-slash | disabledForeground
Hit maximum run time | watch | list.warningForeground
Hit maximum wait time | watch | list.warningForeground
Vanished | question | foreground
constructor | question | foreground`,
    );
  });
});
