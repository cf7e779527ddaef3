import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      'coverage/',
      '.venv*/',
      'libs/*/assembly/',
      'apps/gateway/public/',
      '**/*.js',
    ],
  },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Nest's modules and controllers are classes by design.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Pixel loops index typed arrays whose bounds the loop itself guarantees.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Nest types its option bags as classes, and documents passing object literals.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // An injected class must stay a value import: its constructor is the token.
      '@typescript-eslint/consistent-type-imports': 'off',
    },
  },
  prettier,
);
