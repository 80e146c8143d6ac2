// node tools/publish-manifest.mjs prepare | restore
// What npm packs is not what we develop with: the published package.json has no development parts.
// `overrides` above all: n8n's linter forbids them in a published package, and the libraries they concern are bundled.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
	ensureDependencies,
	PreparationError,
	requireNode,
	root,
	runBin,
	runMain,
} from './prepare.mjs';

const manifest = path.join(root, 'package.json');
const original = path.join(root, '.build', 'package.original.json');
const developmentOnly = ['devDependencies', 'overrides', 'scripts'];

const restore = () => {
	if (existsSync(original)) renameSync(original, manifest);
};

await runMain(() => {
	restore(); // also what an interrupted run left behind
	if (process.argv[2] === 'restore') return 0;

	requireNode();
	ensureDependencies();
	// npm prints the tarball's name to stdout for scripts to read; the build's lines go to stderr.
	const build = runBin('gulp', ['build'], { stdio: ['ignore', 2, 2] });
	if (build.status !== 0)
		throw new PreparationError('The package could not be built: see the lines above.');

	const text = readFileSync(manifest, 'utf8');
	const published = Object.fromEntries(
		Object.entries(JSON.parse(text)).filter(([key]) => !developmentOnly.includes(key)),
	);
	mkdirSync(path.dirname(original), { recursive: true });
	writeFileSync(original, text);
	writeFileSync(manifest, `${JSON.stringify(published, null, '\t')}\n`);
	return 0;
});
