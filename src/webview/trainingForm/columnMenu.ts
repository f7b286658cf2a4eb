import type { ReadyPage } from './page.ts';
import type { TrainingForm } from './trainingForm.ts';

interface MenuItem {
  readonly text: string;
  readonly run: () => void;
}

/** Opens the menu of a preview column under its header; Esc or a click elsewhere closes it, focus returns. */
export function openColumnMenu(
  anchor: HTMLElement,
  page: ReadyPage,
  form: TrainingForm,
  column: number,
): void {
  openMenu(anchor, `Column ${page.profile.columns[column]?.name ?? ''}`, itemsFor(page, form, column));
}

function itemsFor({ profile, draft }: ReadyPage, form: TrainingForm, column: number): readonly MenuItem[] {
  const items: MenuItem[] = [];
  const isLabel = draft.data.labelColumn === column;
  if (!isLabel) {
    items.push({ text: 'Use as Label', run: () => form.apply({ kind: 'setLabel', column }) });
    items.push(
      draft.data.droppedColumns.includes(column)
        ? { text: 'Keep', run: () => form.apply({ kind: 'keepColumn', column }) }
        : { text: 'Drop', run: () => form.apply({ kind: 'dropColumn', column }) },
    );
  }
  items.push({ text: 'Copy Name', run: () => form.copy(profile.columns[column]?.name ?? '') });
  return items;
}

function openMenu(anchor: HTMLElement, label: string, items: readonly MenuItem[]): void {
  const menu = document.createElement('div');
  menu.className = 'menu';
  menu.popover = 'auto';
  menu.role = 'menu';
  menu.ariaLabel = label;
  const close = (): void => {
    menu.hidePopover();
    // The header may have been drawn anew; its id stays.
    document.getElementById(anchor.id)?.focus();
  };
  const buttons = items.map(({ text, run }) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.role = 'menuitem';
    button.tabIndex = -1;
    button.textContent = text;
    button.addEventListener('click', () => {
      run();
      close();
    });
    return button;
  });
  menu.append(...buttons);
  menu.addEventListener('keydown', (event) => onMenuKey(event, buttons, close));
  menu.addEventListener('toggle', (event) => {
    if (event.newState === 'closed') menu.remove();
  });
  // Inside the page's landmark, so that assistive technology finds it there; popovers lie above everything anyway.
  anchor.closest('main')?.append(menu);
  menu.showPopover();
  place(menu, anchor);
  buttons[0]?.focus();
}

function onMenuKey(event: KeyboardEvent, buttons: readonly HTMLButtonElement[], close: () => void): void {
  const here = buttons.findIndex((button) => button === document.activeElement);
  const next: Readonly<Record<string, number>> = {
    ArrowDown: (here + 1) % buttons.length,
    ArrowUp: (here - 1 + buttons.length) % buttons.length,
    Home: 0,
    End: buttons.length - 1,
  };
  const target = next[event.key];
  if (target !== undefined) buttons[target]?.focus();
  else if (event.key === 'Escape' || event.key === 'Tab') close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Under the anchor, and within the window. */
function place(menu: HTMLElement, anchor: HTMLElement): void {
  const { left, bottom, top } = anchor.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(0, Math.min(left, window.innerWidth - width))}px`;
  menu.style.top = `${bottom + height > window.innerHeight ? Math.max(0, top - height) : bottom}px`;
}
