import type { Hyperparameter, NumberRange } from './hyperparameter.ts';
import { hyperparameters, knownImageVersions } from './hyperparameters.generated.ts';

const byName: ReadonlyMap<string, Hyperparameter> = new Map(hyperparameters.map((each) => [each.name, each]));
const nameOfAlias: ReadonlyMap<string, string> = new Map(
  hyperparameters.flatMap(({ name, aliases = [] }) => aliases.map((alias) => [alias, name])),
);

/** The name that an alias stands for; every other name as it is. */
export function canonicalName(name: string): string {
  return nameOfAlias.get(name) ?? name;
}

/** What is known of a hyperparameter, by its name or an alias. */
export function findHyperparameter(name: string): Hyperparameter | undefined {
  return byName.get(canonicalName(name));
}

/** Tells whether an image has what came with the image `since`. */
export function imageHas(version: string, since: string | undefined): boolean {
  const index = knownImageVersions.indexOf(version);
  return since === undefined || index < 0 || index >= knownImageVersions.indexOf(since);
}

/** The values that an image takes, of those that a hyperparameter can have. */
export function valuesIn(
  version: string,
  { values = [], valuesSince = {} }: Hyperparameter,
): readonly string[] {
  return values.filter((value) => imageHas(version, valuesSince[value]));
}

/** In the container's list of objectives by mistake: XGBoost itself does not know it. */
const mistakenObjective = 'aft_loss_distribution';

/** The values to offer: those that an image takes and that XGBoost then knows as well. */
export function choicesIn(version: string, hyperparameter: Hyperparameter): readonly string[] {
  const values = valuesIn(version, hyperparameter);
  return hyperparameter.name === 'objective' ? values.filter((value) => value !== mistakenObjective) : values;
}

/** Tells whether a number is in a range. NaN is in every range, as in the container. */
export function isInRange(value: number, { min, minExclusive, max, maxExclusive }: NumberRange): boolean {
  const tooSmall = min !== undefined && (minExclusive ? value <= min : value < min);
  const tooLarge = max !== undefined && (maxExclusive ? value >= max : value > max);
  return !tooSmall && !tooLarge;
}
