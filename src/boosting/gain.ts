import { f32 } from './float32.ts';
import type { TreeParameters } from './parameters.ts';

/**
 * Leaf weight and gain of a set of rows from its sums of gradients and hessians (Chen and Guestrin 2016, equations 5
 * and 6, with L1 and the step limit). Sums are float64; each step rounds to float32 where XGBoost's
 * src/tree/split_evaluator.h and param.h do, because equal gains must compare as equal.
 */
export class GainCalculator {
  readonly minChildWeight: number;
  readonly #lambda: number;
  readonly #alpha: number;
  readonly #maxDeltaStep: number;

  constructor(parameters: TreeParameters) {
    this.minChildWeight = parameters.minChildWeight;
    this.#lambda = parameters.lambda;
    this.#alpha = parameters.alpha;
    this.#maxDeltaStep = parameters.maxDeltaStep;
  }

  /** The best leaf value, before eta; zero for a leaf that is too light. */
  weight(gradient: number, hessian: number): number {
    if (hessian < this.minChildWeight || hessian <= 0) return 0;
    const weight = -this.#shrink(gradient) / (hessian + this.#lambda);
    const limit = this.#maxDeltaStep;
    if (limit !== 0 && Math.abs(weight) > limit) return weight < 0 ? -limit : limit;
    return f32(weight);
  }

  /** How much the best leaf lowers the loss of these rows, times two. */
  gain(gradient: number, hessian: number): number {
    if (hessian <= 0) return 0;
    if (this.#maxDeltaStep !== 0) return this.#gainOfLimitedWeight(gradient, hessian);
    const shrunk = this.#shrink(gradient);
    return f32(f32(shrunk * shrunk) / f32(hessian + this.#lambda));
  }

  /** With a step limit the weight may not be the optimum, so the loss is computed at the weight itself. */
  #gainOfLimitedWeight(gradient: number, hessian: number): number {
    const weight = this.weight(gradient, hessian);
    const first = f32(f32(2 * f32(gradient)) * weight);
    const second = f32(f32(f32(hessian) + this.#lambda) * f32(weight * weight));
    return f32(-f32(first + second));
  }

  /** The L1 penalty pulls the gradient sum towards zero. */
  #shrink(gradient: number): number {
    const alpha = this.#alpha;
    if (alpha === 0) return gradient;
    if (gradient > alpha) return gradient - alpha;
    return gradient < -alpha ? gradient + alpha : 0;
  }
}
