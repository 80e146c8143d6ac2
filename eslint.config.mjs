import { n8nCommunityNodesPlugin as community } from '@n8n/eslint-plugin-community-nodes';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

/** eslint-plugin-n8n-nodes-base ships configurations of the old style: only their rules are taken. */
const n8nRules = (name, except = {}) => ({
	plugins: { 'n8n-nodes-base': n8nNodesBase },
	rules: { ...n8nNodesBase.configs[name].rules, ...except },
});

export default [
	{ ignores: ['dist/**', 'node_modules/**', '.build/**', 'coverage/**'] },
	...tseslint.configs.strict.map((config) => ({ ...config, files: ['**/*.ts'] })),
	{
		files: ['**/*.ts'],
		languageOptions: { parserOptions: { projectService: true } },
		rules: {
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': 'error',
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/switch-exhaustiveness-check': 'error',
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
			eqeqeq: 'error',
			'no-console': 'error',
		},
	},
	{
		files: ['demo/**', 'bench/**', 'chaos/**', 'tools/**', '.ci/**'],
		rules: {
			'no-console': 'off', // programs for a terminal
		},
	},
	// The set without Cloud support: a package that opens its own TCP connections cannot run in n8n Cloud's sandbox.
	{
		files: ['nodes/**/*.ts', 'credentials/**/*.ts'],
		...community.configs.recommendedWithoutN8nCloudSupport,
	},
	{
		files: ['nodes/**/*.ts'],
		...n8nRules('nodes', {
			// The three that n8n's own scanner switches off: they are out of date with n8n-workflow.
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
			'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
		}),
	},
	{
		files: ['credentials/**/*.ts'],
		...n8nRules('credentials', {
			// Nodes name their tests in a table (nodes/bridge/connector-kind.ts), which the rule cannot follow.
			'@n8n/community-nodes/credential-test-required': 'off',
			// Off in n8n's own scanner too.
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
			'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
		}),
	},
	{
		files: ['package.json'],
		...community.configs.recommendedWithoutN8nCloudSupport,
		languageOptions: {
			parser: tseslint.parser,
			parserOptions: { extraFileExtensions: ['.json'] },
		},
		rules: {
			...community.configs.recommendedWithoutN8nCloudSupport.rules,
			...n8nRules('community').rules,
			// Only development needs overrides; tools/publish-manifest.mjs takes them out of what is published,
			// and tools/check-package.ts proves it.
			'@n8n/community-nodes/no-overrides-field': 'off',
		},
		plugins: {
			...community.configs.recommendedWithoutN8nCloudSupport.plugins,
			'n8n-nodes-base': n8nNodesBase,
		},
	},
];
