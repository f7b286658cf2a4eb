import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Which modules each folder of `src` may not import: the picture of the layers in README.md, as data. */
const forbidden = {
  core: ['vscode', 'node:*', '@aws-sdk/*', '**/csv/**', '**/boosting/**', '**/protocol/**', '**/aws/**', '**/backend/**', '**/worker/**', '**/host/**', '**/webview/**'],
  csv: ['vscode', 'node:*', '@aws-sdk/*', '**/boosting/**', '**/protocol/**', '**/aws/**', '**/backend/**', '**/worker/**', '**/host/**', '**/webview/**'],
  boosting: ['vscode', 'node:*', '@aws-sdk/*', '**/csv/**', '**/protocol/**', '**/aws/**', '**/backend/**', '**/worker/**', '**/host/**', '**/webview/**'],
  protocol: ['vscode', 'node:*', '@aws-sdk/*', '**/csv/**', '**/boosting/**', '**/aws/**', '**/backend/**', '**/worker/**', '**/host/**', '**/webview/**'],
  aws: ['vscode', '**/csv/**', '**/boosting/**', '**/backend/**', '**/protocol/**', '**/worker/**', '**/host/**', '**/webview/**'],
  backend: ['vscode', '@aws-sdk/*', '**/aws/**', '**/worker/**', '**/host/**', '**/webview/**'],
  worker: ['vscode', '@aws-sdk/*', '**/boosting/**', '**/aws/**', '**/backend/**', '**/host/**', '**/webview/**'],
  webview: ['vscode', 'node:*', '@aws-sdk/*', '**/csv/**', '**/boosting/**', '**/aws/**', '**/backend/**', '**/worker/**', '**/host/**'],
  host: ['@aws-sdk/*', '**/webview/**'],
};

/** `import()` is invisible to no-restricted-imports, so the same groups are matched on its literal argument. */
const dynamic = (group) =>
  group.map((pattern) => ({
    selector: `ImportExpression[source.value=/${pattern
      .replace(/\*\*\//g, '(^|\\/)')
      .replace(/\/\*\*/g, '\\/')
      .replace(/node:\*/, '^node:')
      .replace(/@aws-sdk\/\*/, '^@aws-sdk\\/')
      .replace(/(?<!\\)\/(?!\)|$)/g, '\\/')}/]`,
    message: 'Not importable from this layer.',
  }));

export default tseslint.config(
  { ignores: ['dist/**', 'out/**', 'node_modules/**', '.vscode-test/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json', './src/webview/tsconfig.json', './test/workbench/tsconfig.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', prefer: 'type-imports' }],
      // An import of types alone would otherwise stay behind as an import for side effects, and load its module.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      eqeqeq: 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly' } },
  },
  ...Object.entries(forbidden).map(([folder, group]) => ({
    files: [`src/${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ group, message: `Not importable from src/${folder}.` }] }],
      'no-restricted-syntax': ['error', ...dynamic(group)],
    },
  })),
);
