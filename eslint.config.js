import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const SOURCE_FOLDERS = [
  'app',
  'architecture',
  'cli',
  'dnarch',
  'engine',
  'export',
  'figures',
  'kernels',
  'own',
  'tasks',
];
const NUMERIC_PACKAGES = ['@tensorflow/tfjs-core', 'pure-rand'];
const BACKENDS = ['webgpu', 'webgl', 'wasm', 'cpu'].map((name) => `@tensorflow/tfjs-backend-${name}`);

/** Globals of a page, which code that also runs in a worker or in Node must not name. */
const PAGE_GLOBALS = ['window', 'document', 'localStorage', 'sessionStorage', 'history', 'alert', 'HTMLElement'];

/**
 * What a folder of src may import: other folders of src, packages, and from some folders a few files or types alone
 * (but for the one file that `valuesOf` names).
 * @typedef {Record<string, string>} Files
 * @typedef {{ folders: string[], packages: string[], typesOf?: string[], valuesOf?: Files, only?: Files }} Imports
 */

/** @type {Record<string, Imports>} The table of CONTRIBUTING.md. */
const MAY_IMPORT = {
  architecture: { folders: [], packages: ['valibot'] },
  dnarch: { folders: ['architecture', 'kernels'], packages: NUMERIC_PACKAGES },
  kernels: { folders: [], packages: [...NUMERIC_PACKAGES, ...BACKENDS] },
  tasks: {
    folders: ['dnarch'],
    typesOf: ['dnarch'],
    valuesOf: { dnarch: 'random' },
    packages: ['pure-rand', 'valibot'],
  },
  own: {
    folders: ['dnarch', 'tasks'],
    typesOf: ['dnarch'],
    valuesOf: { dnarch: 'random' },
    packages: ['fflate', 'idb-keyval', 'modern-tar', 'papaparse', 'valibot'],
  },
  engine: {
    folders: ['architecture', 'dnarch', 'kernels', 'own', 'tasks'],
    packages: [...NUMERIC_PACKAGES, ...BACKENDS, 'valibot'],
  },
  export: { folders: ['architecture', 'dnarch'], typesOf: ['dnarch'], packages: [] },
  figures: {
    folders: ['architecture', 'engine'],
    typesOf: ['engine'],
    only: { engine: 'protocol' },
    packages: ['react', 'd3'],
  },
  app: {
    folders: ['architecture', 'dnarch', 'engine', 'export', 'figures', 'own', 'tasks'],
    only: { dnarch: 'config' },
    packages: ['react', 'react-dom', 'd3', 'valibot', 'zustand', 'mediabunny', 'gifenc'],
  },
  cli: {
    folders: ['architecture', 'dnarch', 'engine', 'export', 'kernels', 'own', 'tasks'],
    packages: [...NUMERIC_PACKAGES, ...BACKENDS, 'node:', 'webgpu', 'fast-png', 'jpeg-js', 'valibot', 'd3'],
  },
};

/**
 * @param {string} folder
 * @param {Imports} imports
 * @returns {import('eslint').Linter.Config}
 */
function importRules(folder, { folders, packages, typesOf = [], valuesOf = {}, only = {} }) {
  const up = '^(?:\\.\\./)+';
  const forbidden = SOURCE_FOLDERS.filter((other) => other !== folder && !folders.includes(other));
  const allowed = packages.map((name) => (name.endsWith(':') ? name : `${name}(?:/|$)`));
  const patterns = [
    {
      regex: `${up}(?:${forbidden.join('|')})/`,
      message: `src/${folder} may import only ${['itself', ...folders].join(', ')}.`,
    },
    {
      regex: `^(?!${['\\.', ...allowed].join('|')})`,
      message: `src/${folder} may use only these packages: ${packages.join(', ') || 'none'}.`,
    },
    ...typesOf.map((other) => ({
      regex: `${up}${other}/(?!${valuesOf[other] ?? ''}\\.ts$)`,
      allowTypeImports: true,
      message: `src/${folder} may import only types from src/${other}.`,
    })),
    ...Object.entries(only).map(([other, file]) => ({
      regex: `${up}${other}/(?!${file}\\.ts$)`,
      message: `Of src/${other}, src/${folder} may import only ${file}.ts.`,
    })),
  ];
  const paths = [{ name: 'd3', importNames: ['select', 'selectAll'], message: 'React owns the tree; D3 computes.' }];
  return {
    name: `imports of src/${folder}`,
    files: [`src/${folder}/**/*.{ts,tsx}`],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns, paths }] },
  };
}

export default defineConfig(
  { ignores: ['dist/', '.cache/', 'test-results/', 'playwright-report/', 'public/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression > MemberExpression[property.name=/^(data|array)Sync$/]',
          message: 'Read back asynchronously: on webgpu this gives zeros.',
        },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],

      // Numbers are what this code prints, and indices into arrays are in range by construction.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },

  {
    // JSON is typed by comments here, which tsc follows and these rules do not.
    files: ['**/*.{js,mjs}'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: { 'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }] },
  },
  { files: ['src/{app,figures}/**/*.{ts,tsx}'], ...reactHooks.configs.flat['recommended-latest'] },
  {
    files: ['src/{architecture,dnarch,tasks,own,kernels,export,engine,cli}/**/*.ts'],
    ignores: ['src/engine/client.ts'],
    rules: { 'no-restricted-globals': ['error', ...PAGE_GLOBALS] },
  },
  Object.entries(MAY_IMPORT).map(([folder, imports]) => importRules(folder, imports)),
);
