import type { Locator, Page } from 'playwright-core';
import type { QuickInput } from './quickInput.ts';
import { until } from './until.ts';

/** A notification as it reads. */
export interface Notification {
  readonly severity: 'error' | 'warning' | 'info' | undefined;
  readonly message: string;
  readonly buttons: readonly string[];
  /** It shows a progress bar. */
  readonly busy: boolean;
}

/** The toasts in the corner and the list that they go into. */
export class Notifications {
  constructor(
    private readonly page: Page,
    private readonly quickInput: QuickInput,
  ) {}

  /** What is on screen now. */
  shown(): Promise<Notification[]> {
    return this.items.evaluateAll((items) =>
      items.map((item) => ({
        severity: (['error', 'warning', 'info'] as const).find((name) =>
          item.querySelector(`.notification-list-item-icon.codicon-${name}`),
        ),
        message: item.querySelector('.notification-list-item-message')?.textContent ?? '',
        buttons: [...item.querySelectorAll('.notification-list-item-buttons-container .monaco-button')].map(
          (button) => button.textContent ?? '',
        ),
        busy: item.querySelector('.monaco-progress-container.active') !== null,
      })),
    );
  }

  /** Every notification that was not closed, also those whose toast is gone or was held back. */
  async all(): Promise<Notification[]> {
    await this.quickInput.command('Notifications: Show Notifications');
    await this.page.locator('.notifications-center.visible').waitFor();
    const notifications = await this.shown();
    await this.page.keyboard.press('Escape');
    return notifications;
  }

  /** Waits for a toast whose message has `text`. */
  waitFor(text: string, deadlineMs?: number): Promise<Notification> {
    const reading = async () =>
      `a notification with "${text}"; there are: ${(await this.shown()).map(({ message }) => message).join(' | ')}`;
    return until(
      reading,
      async () => (await this.shown()).find(({ message }) => message.includes(text)),
      deadlineMs,
    );
  }

  /** Clicks a button of the toast whose message has `text`. */
  async click(text: string, button: string): Promise<void> {
    const toast = this.items.filter({ hasText: text }).first();
    await toast.hover();
    await toast.locator('.monaco-button', { hasText: button }).click();
  }

  async clearAll(): Promise<void> {
    await this.quickInput.command('Notifications: Clear All Notifications');
    await this.items.first().waitFor({ state: 'detached' });
  }

  private get items(): Locator {
    return this.page.locator(
      '.notifications-toasts .notification-list-item, .notifications-center .notification-list-item',
    );
  }
}
