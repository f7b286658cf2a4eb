import Mocha from 'mocha';

export default class CountingReporter extends Mocha.reporters.Spec {}
