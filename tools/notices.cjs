const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

/**
 * The licences of the libraries inside the bundle, as one Markdown text.
 * `inputs`: file paths as esbuild's metafile names them. A library without a licence text is an error:
 * we may not ship it.
 */
exports.toNotices = (inputs) => {
	const folders = new Set(inputs.map(toPackageFolder).filter((folder) => folder !== undefined));
	const sections = [...folders].map(toSection).sort((a, b) => a.localeCompare(b));
	return [
		'# Third-party notices',
		'',
		'This package carries the following libraries in `dist/runtime.js`.',
		'',
		...new Set(sections),
	].join('\n');
};

function toPackageFolder(input) {
	const marker = 'node_modules/';
	const start = input.lastIndexOf(marker);
	if (start < 0) return undefined;
	const [first = '', second = ''] = input.slice(start + marker.length).split('/');
	return (
		input.slice(0, start + marker.length) + (first.startsWith('@') ? `${first}/${second}` : first)
	);
}

function toSection(folder) {
	const { name, version, license } = JSON.parse(
		readFileSync(path.join(folder, 'package.json'), 'utf8'),
	);
	const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
	const text = file ? readFileSync(path.join(folder, file), 'utf8').trim() : undefined;
	if (!license && !text) throw new Error(`${name} has no licence: it cannot be bundled.`);
	return [
		`## ${name} ${version}`,
		'',
		`Licence: ${license ?? 'see below'}`,
		'',
		'```text',
		text ?? `See https://www.npmjs.com/package/${name}`,
		'```',
		'',
	].join('\n');
}
