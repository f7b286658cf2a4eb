/** Says a sentence through the page's one polite live region. */
export type Announcer = (sentence: string) => void;

/** Writes into a live region; the same sentence twice in a row is said twice. */
export function announcerFor(region: HTMLElement): Announcer {
  return (sentence) => {
    // A region whose text does not change is not read again, so a repeated sentence gets an invisible difference.
    region.textContent = region.textContent === sentence ? `${sentence}\u00a0` : sentence;
  };
}
