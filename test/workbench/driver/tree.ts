import type { Locator, Page } from 'playwright-core';
import { Menu } from './menu.ts';
import { exactly, quoted } from './selectors.ts';
import { until } from './until.ts';

/** A row of a tree view, as it reads. */
export interface TreeRow {
  readonly label: string;
  readonly description: string;
  /** What a screen reader says. */
  readonly ariaLabel: string;
  /** From 1. */
  readonly level: number;
  /** `undefined`: it has no children. */
  readonly expanded: boolean | undefined;
  readonly selected: boolean;
  /** Name of the codicon (`pass`), `image` for another icon, `undefined` without one. */
  readonly icon: string | undefined;
  /** Computed colour of the icon. */
  readonly iconColor: string;
}

/** The trees of the side bar. `view` is a view's title; without one the first view is meant. */
export class Tree {
  constructor(private readonly page: Page) {}

  /** Shows a view container by the title of its icon in the activity bar. */
  async openContainer(title: string): Promise<void> {
    const shown = this.page.locator('.part.sidebar .composite.title', { hasText: title });
    if ((await shown.count()) === 0)
      // Not its label, which the badge with the number of running jobs covers.
      await this.page
        .locator('.activitybar .action-item')
        .filter({ has: this.page.locator(`.action-label[aria-label^=${quoted(title)}]`) })
        .first()
        .click();
    await this.page.locator('.part.sidebar .pane-body').first().waitFor();
  }

  /** All rows on screen now. */
  rows(view?: string): Promise<TreeRow[]> {
    return this.pane(view)
      .locator('.monaco-list-row')
      .evaluateAll((rows) =>
        rows.map((row) => {
          const icon = row.querySelector('.custom-view-tree-node-item-icon');
          const codicon = [...(icon?.classList ?? [])].find((name) => name.startsWith('codicon-'));
          const expanded = row.getAttribute('aria-expanded');
          return {
            label: row.querySelector('.label-name')?.textContent ?? '',
            description: row.querySelector('.label-description')?.textContent ?? '',
            ariaLabel: row.getAttribute('aria-label') ?? '',
            level: Number(row.getAttribute('aria-level')),
            expanded: expanded === null ? undefined : expanded === 'true',
            selected: row.getAttribute('aria-selected') === 'true',
            icon: codicon?.replace('codicon-', '') ?? (icon ? 'image' : undefined),
            iconColor: icon ? getComputedStyle(icon).color : '',
          };
        }),
      );
  }

  /** Waits until a row is as wanted, and gives it. */
  waitForRow(what: string, wanted: (row: TreeRow) => boolean, deadlineMs?: number): Promise<TreeRow> {
    const reading = async () =>
      `a row ${what}; the rows are: ${(await this.rows())
        .map((row) => `${row.label} (${row.description})`)
        .join(' | ')}`;
    return until(reading, async () => (await this.rows()).find(wanted), deadlineMs);
  }

  row(label: string, view?: string): Locator {
    return this.pane(view)
      .locator('.monaco-list-row')
      .filter({ has: this.page.locator('.label-name', { hasText: exactly(label) }) })
      .first();
  }

  async click(label: string, view?: string): Promise<void> {
    await this.row(label, view).click();
  }

  /** Opens or closes a row by its twistie, which leaves the row's own command alone. */
  async toggle(label: string, view?: string): Promise<void> {
    await this.row(label, view).locator('.monaco-tl-twistie').click();
  }

  /** Clicks an inline action of a row. They appear while the pointer is over it. */
  async action(label: string, action: string, view?: string): Promise<void> {
    const row = this.row(label, view);
    await row.hover();
    await row.locator(`.actions .action-label[aria-label^=${quoted(action)}]`).click();
  }

  /** Right-clicks a row; answers with the entries of its menu, which stays open. */
  async contextMenu(label: string, view?: string): Promise<string[]> {
    await this.row(label, view).click({ button: 'right' });
    return new Menu(this.page).entries();
  }

  async tooltip(label: string, view?: string): Promise<string> {
    await this.row(label, view).locator('.label-name').hover();
    const hover = this.page.locator('.workbench-hover:visible, .monaco-hover:visible').last();
    const text = await hover.innerText();
    await this.page.mouse.move(0, 0);
    return text.trim();
  }

  /** Clicks an action in the title of a view. */
  async titleAction(action: string): Promise<void> {
    await this.page.locator('.part.sidebar .title, .part.sidebar .pane-header').first().hover();
    await this.page
      .locator(`.part.sidebar .actions-container .action-label[aria-label^=${quoted(action)}]`)
      .first()
      .click();
  }

  /** Text of a view that shows its welcome content in place of rows. */
  async welcome(view?: string): Promise<string> {
    return (await this.pane(view).locator('.welcome-view-content').innerText()).trim();
  }

  /** The same, `undefined` while rows are shown or nothing is. */
  async welcomeIfShown(view?: string): Promise<string | undefined> {
    const content = this.pane(view).locator('.welcome-view-content');
    return (await content.isVisible()) ? (await content.innerText()).trim() : undefined;
  }

  private pane(view?: string): Locator {
    const panes = this.page.locator('.part.sidebar .pane');
    // The only view of a container has no header, so its title is the container's.
    return view === undefined
      ? panes.first()
      : panes
          .filter({ has: this.page.locator(`.pane-header[aria-label^=${quoted(view)}]`) })
          .or(panes.first())
          .last();
  }
}
