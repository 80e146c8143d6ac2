const swc = {
	jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
	module: { type: 'commonjs' },
};

const shared = {
	testEnvironment: 'node',
	transform: { '^.+\\.tsx?$': ['@swc/jest', swc] },
	modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.build/'],
};

const secondTry = '<rootDir>/test/second-try.ts';

/** Three projects: what runs anywhere, what needs Debian's mail servers, what needs a real n8n. */
module.exports = {
	projects: [
		{
			...shared,
			displayName: 'unit',
			setupFilesAfterEnv: ['<rootDir>/test/patience.ts', secondTry],
			testMatch: ['<rootDir>/test/**/*.test.ts'],
			testPathIgnorePatterns: [
				'<rootDir>/test/servers/',
				'<rootDir>/test/promises/servers/',
				'<rootDir>/test/e2e/',
			],
		},
		{
			...shared,
			displayName: 'servers',
			setupFilesAfterEnv: ['<rootDir>/test/servers/patience.ts', secondTry],
			testMatch: [
				'<rootDir>/test/servers/**/*.test.ts',
				'<rootDir>/test/promises/servers/**/*.test.ts',
			],
		},
		{
			...shared,
			displayName: 'e2e',
			testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
			setupFilesAfterEnv: ['<rootDir>/test/e2e/patience.ts', secondTry],
			globalSetup: '<rootDir>/test/e2e/global-setup.ts',
			globalTeardown: '<rootDir>/test/e2e/global-teardown.ts',
		},
	],
};
