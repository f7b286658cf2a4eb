import assert from 'node:assert/strict';
import { unsupportedHyperparameters } from '../../../src/core/localTrainer.ts';
import { f32 } from '../../../src/boosting/float32.ts';
import { parseParameters } from '../../../src/boosting/parameters.ts';

describe('parseParameters', () => {
  it('has the defaults of XGBoost 1.7', () => {
    const { objective, treeMethod, eta, maxDepth, lambda, baseScore, maxBin, seed } = parseParameters({});
    assert.deepEqual(
      { objective, treeMethod, eta, maxDepth, lambda, baseScore, maxBin, seed },
      {
        objective: 'reg:squarederror',
        treeMethod: 'auto',
        eta: f32(0.3),
        maxDepth: 6,
        lambda: 1,
        baseScore: 0.5,
        maxBin: 256,
        seed: 0,
      },
    );
  });

  it('limits the step of count:poisson unless told otherwise', () => {
    assert.equal(parseParameters({ objective: 'count:poisson' }).maxDeltaStep, f32(0.7));
    assert.equal(parseParameters({ objective: 'count:poisson', max_delta_step: '0' }).maxDeltaStep, 0);
  });

  it('takes aliases, and lets the later of two names win', () => {
    assert.equal(parseParameters({ learning_rate: '0.25' }).eta, 0.25);
    assert.equal(parseParameters({ eta: '0.5', learning_rate: '0.25' }).eta, 0.25);
    assert.equal(parseParameters({ objective: 'reg:linear' }).objective, 'reg:squarederror');
  });

  it('splits eval_metric at commas', () => {
    assert.deepEqual(parseParameters({ eval_metric: 'rmse,mae' }).evalMetrics, ['rmse', 'mae']);
  });

  it('reads numbers as Python and then XGBoost do', () => {
    assert.equal(parseParameters({ gamma: '1e1' }).gamma, 10);
    assert.equal(parseParameters({ max_depth: '1_0' }).maxDepth, 10);
    // Python writes 0.0000123 as 1.23e-05, which XGBoost scales in float32.
    assert.equal(parseParameters({ alpha: '0.0000123' }).alpha, f32(f32(1 + f32(0.23)) / 1e5));
  });

  it('refuses what XGBoost refuses, naming the parameter', () => {
    const refused = {
      eta: '-1',
      subsample: '0',
      colsample_bytree: '1.5',
      max_bin: '1',
      max_depth: 'deep',
      gamma: 'nan',
    };
    for (const [name, value] of Object.entries(refused)) {
      assert.throws(
        () => parseParameters({ [name]: value }),
        (error: Error) => {
          return error.name === 'XgboostError' && error.message.includes(name);
        },
      );
    }
  });

  it('asks for num_class with several classes and refuses it with one value a row', () => {
    assert.throws(() => parseParameters({ objective: 'multi:softmax' }), { name: 'XgboostError' });
    assert.throws(() => parseParameters({ num_class: '3' }), { name: 'XgboostError' });
    assert.equal(parseParameters({ objective: 'multi:softprob', num_class: '3' }).numClass, 3);
  });

  it('refuses by name what the engine cannot do', () => {
    assert.throws(() => parseParameters({ booster: 'dart' }), {
      name: 'UnsupportedByLocalTrainer',
      subject: 'booster',
      message: 'the local trainer does not support booster dart, only gbtree',
    });
  });
});

describe('unsupportedHyperparameters', () => {
  const refused: readonly (readonly [name: string, value: string])[] = [
    ['booster', 'gblinear'],
    ['objective', 'rank:pairwise'],
    ['eval_metric', 'rmse,f1'],
    ['eval_metric', 'error@'],
    ['tree_method', 'approx'],
    ['tree_method', 'gpu_hist'],
    ['monotone_constraints', '(1,0)'],
    ['interaction_constraints', '[[1,2]]'],
    ['num_parallel_tree', '4'],
    ['colsample_bynode', '0.5'],
    ['grow_policy', 'lossguide'],
    ['max_leaves', '31'],
    ['process_type', 'update'],
    ['updater', 'grow_colmaker,prune'],
    ['csv_weights', '1'],
    ['_kfold', '5'],
    ['sampling_method', 'gradient_based'],
    ['rate_drop', '0.1'],
    ['predictor', 'gpu_predictor'],
    ['use_dask_gpu_training', 'true'],
    ['sagemaker_program', 'train.py'],
    ['toString', '1'],
    ['unknown', '1'],
  ];
  for (const [name, value] of refused) {
    it(`refuses ${name}=${value}`, () => {
      const [found, ...others] = unsupportedHyperparameters({ [name]: value, eta: '0.3' });
      assert.equal(found?.name, name);
      assert.match(found.message, /^The local trainer does not support .*\.$/);
      assert.deepEqual(others, []);
    });
  }

  it('takes what it can do, defaults of what it cannot, and what changes nothing', () => {
    const fine = {
      booster: 'gbtree',
      objective: 'multi:softprob',
      eval_metric: 'mlogloss,error@0.7',
      tree_method: 'hist',
      learning_rate: '0.1',
      monotone_constraints: '(0,0)',
      num_parallel_tree: '1',
      colsample_bynode: '1.0',
      max_leaves: '0',
      csv_weights: '0',
      rate_drop: '0.0',
      nthread: '4',
      verbosity: '2',
      predictor: 'cpu_predictor',
      deterministic_histogram: 'false',
      num_round: '10',
      early_stopping_rounds: '5',
      sagemaker_region: 'us-east-1',
    };
    assert.deepEqual(unsupportedHyperparameters(fine), []);
  });

  it('names every metric it does not know', () => {
    const [found] = unsupportedHyperparameters({ eval_metric: 'f1,rmse,ndcg' });
    assert.equal(found?.message, 'The local trainer does not support the metrics f1, ndcg.');
  });
});
