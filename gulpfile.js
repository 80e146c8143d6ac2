const { spawnSync } = require('node:child_process');
const { readFileSync, rmSync, writeFileSync, existsSync, readdirSync } = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');
const { src, dest, series, parallel } = require('gulp');

const { toNotices } = require('./tools/notices.cjs');

/** Everything that is not a description lives in this one file, loaded when a node first works. */
const RUNTIME = path.join('dist', 'runtime.js');

const common = {
	bundle: true,
	platform: 'node',
	target: 'node20',
	format: 'cjs',
	external: ['n8n-workflow'],
	legalComments: 'none',
	logLevel: 'warning',
	metafile: true,
};

/** Node files reach the runtime by `await import('../runtime')`: that import stays an import of the shared file. */
const sharedRuntime = {
	name: 'shared-runtime',
	setup(build) {
		build.onResolve({ filter: /\/runtime$/ }, ({ kind, importer }) => {
			if (kind !== 'dynamic-import') {
				return { errors: [{ text: `${importer} must load the runtime by await import()` }] };
			}
			return { path: '../../runtime.js', external: true };
		});
	},
};

const clean = async () => rmSync('dist', { recursive: true, force: true });

const typecheck = async () => {
	const tsc = require.resolve('typescript/bin/tsc');
	const { status } = spawnSync(process.execPath, [tsc, '--noEmit', '-p', '.'], {
		stdio: 'inherit',
	});
	if (status !== 0) throw new Error('The type check failed.');
};

const faces = () =>
	esbuild.build({
		...common,
		entryPoints: [...find('nodes', '.node.ts'), ...find('credentials', '.credentials.ts')],
		outdir: 'dist',
		outbase: '.',
		plugins: [sharedRuntime],
	});

const runtime = async () => {
	const { metafile } = await esbuild.build({
		...common,
		entryPoints: ['nodes/runtime.ts'],
		outfile: RUNTIME,
		// Whitespace and syntax only: names stay readable in stack traces.
		minifyWhitespace: true,
		minifySyntax: true,
	});
	writeFileSync('THIRD-PARTY-NOTICES.md', toNotices(Object.keys(metafile.inputs)));
};

const icons = () =>
	src(['nodes/**/*.{svg,png}', 'credentials/**/*.{svg,png}'], { base: '.', encoding: false }).pipe(
		dest('dist'),
	);
const codex = () => src('nodes/**/*.node.json', { base: '.' }).pipe(dest('dist'));
const stamp = async () => writeFileSync(path.join('dist', '.built'), '');

/** Every path that package.json promises to n8n. */
const promises = async () => {
	const { n8n } = JSON.parse(readFileSync('package.json', 'utf8'));
	const missing = [...n8n.nodes, ...n8n.credentials].filter((file) => !existsSync(file));
	if (missing.length > 0)
		throw new Error(`package.json names files that were not built: ${missing.join(', ')}`);
};

function find(folder, ending) {
	return readdirSync(folder, { recursive: true })
		.filter((name) => name.endsWith(ending))
		.map((name) => path.join(folder, name));
}

const bundle = series(clean, parallel(faces, runtime, icons, codex), promises, stamp);

exports.typecheck = typecheck;
exports.bundle = bundle;
exports.build = series(typecheck, bundle);
exports.default = exports.build;
