/** Rows to train on or to predict, one array a feature: the layout every loop of the trainer walks along. */
export interface DataMatrix {
  readonly rowCount: number;
  /** `columns[feature][row]`; NaN is a missing value. */
  readonly columns: readonly Float32Array[];
  /** One label a row. */
  readonly labels: Float32Array;
}

/** The columns of a matrix, padded with missing values up to the features that a model knows. */
export function columnsForFeatures(matrix: DataMatrix, featureCount: number): readonly Float32Array[] {
  if (matrix.columns.length >= featureCount) return matrix.columns;
  const missing = new Float32Array(matrix.rowCount).fill(NaN);
  return Array.from({ length: featureCount }, (_, feature) => matrix.columns[feature] ?? missing);
}
