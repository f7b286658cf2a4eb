/** Why a CSV file can't be used as it is. */
export type CsvDefect =
  'empty' | 'notText' | 'ragged' | 'oneColumn' | 'tooFewRows' | 'textInNumbers' | 'badQuoting';

/** Ends the reading of a file that can't be used; the message is a sentence such as `the file is empty`. */
export class UnusableCsv extends Error {
  override readonly name = 'UnusableCsv';

  constructor(
    readonly defect: CsvDefect,
    message: string,
  ) {
    super(message);
  }
}
