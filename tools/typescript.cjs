// Lets `node --require` run the project's TypeScript files directly, file by file, so that
// __dirname and stack traces stay true. Types are checked elsewhere (npm run typecheck).
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { transformSync } = require('@swc/core');

Module._extensions['.ts'] = (module, filename) => {
	const { code } = transformSync(readFileSync(filename, 'utf8'), {
		filename,
		swcrc: false,
		jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
		module: { type: 'commonjs', ignoreDynamic: false },
		sourceMaps: 'inline',
	});
	module._compile(code, filename);
};
