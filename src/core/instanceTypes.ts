import { constraintTable } from './constraints.generated.ts';

/** The instance types that SageMaker trains on, in the service's own order. Whether a region has them is not known. */
export function trainingInstanceTypes(): readonly string[] {
  const shape = constraintTable.shapes['TrainingInstanceType'];
  return shape?.type === 'string' ? (shape.enum ?? []) : [];
}
