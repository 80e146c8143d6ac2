import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '..');

/** Which rooms of the house may be entered from which; a room always may enter itself. See docs/architecture.md. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
	credentials: ['mail/vocabulary', 'n8n-workflow'],
	'nodes/EmailTrigger': ['nodes/bridge', 'nodes/runtime', 'mail', 'n8n-workflow', 'zod', 'luxon'],
	'nodes/Mailbox': [
		'nodes/bridge',
		'nodes/runtime',
		'mail',
		'n8n-workflow',
		'zod',
		'luxon',
		'node',
	],
	'nodes/SendEmail': ['nodes/bridge', 'nodes/runtime', 'mail', 'n8n-workflow', 'zod', 'node'],
	'nodes/runtime': ['nodes/bridge', 'nodes/EmailTrigger', 'nodes/Mailbox', 'nodes/SendEmail'],
	'nodes/bridge': ['nodes/runtime', 'mail', 'n8n-workflow', 'zod', 'luxon', 'node'],
	'mail/vocabulary': ['node'],
	'mail/address': ['mail/vocabulary', 'node'],
	'mail/classify': ['mail/vocabulary'],
	'mail/facts': ['mail/vocabulary', 'mail/classify'],
	'mail/auto-reply': ['mail/vocabulary', 'mail/address', 'mail/classify', 'node'],
	'mail/routing': ['mail/vocabulary', 'mail/address', 'mail/classify', 'mail/facts', 're2js'],
	'mail/certificate': ['mail/vocabulary', 'node-forge', 'node'],
	'mail/microsoft': [
		'mail/vocabulary',
		'mail/certificate',
		'mail/microsoft/error',
		'mail/drivers/net',
		'zod',
		'node',
	],
	// Drivers recognise Exchange's answers by it: a room that knows nothing but the vocabulary.
	'mail/microsoft/error': ['mail/vocabulary', 'zod'],
	'mail/inbox': ['mail/vocabulary', 'mail/facts', 'mail/routing', 'node'],
	'mail/outbox': ['mail/vocabulary', 'mail/address', 'mail/drivers/mime', 'nodemailer', 'node'],
	'mail/check': [
		'mail/vocabulary',
		'mail/address',
		'mail/certificate',
		'mail/outbox',
		'mail/drivers',
		'node',
	],
	'mail/drivers/net': ['mail/vocabulary', 'mail/certificate', 'socks', 'node'],
	'mail/drivers/mime': ['mail/vocabulary', 'htmlparser2', 'entities', 'nodemailer', 'node'],
	'mail/drivers/imap': [
		'mail/vocabulary',
		'mail/drivers/net',
		'mail/drivers/mime',
		'mail/microsoft/error',
		'imapflow',
		'node',
	],
	'mail/drivers/graph': [
		'mail/vocabulary',
		'mail/drivers/net',
		'mail/drivers/mime',
		'mail/microsoft/error',
		'@microsoft',
		'zod',
		'node',
	],
	'mail/drivers/pop3': [
		'mail/vocabulary',
		'mail/drivers/net',
		'mail/drivers/mime',
		'mail/microsoft/error',
		'node',
	],
	'mail/drivers/smtp': [
		'mail/vocabulary',
		'mail/drivers/net',
		'mail/microsoft/error',
		'nodemailer',
		'socks',
		'node',
	],
};

/** Node files and credentials are loaded at n8n's start; what they import has to be cheap. */
const cheapLibraries: readonly string[] = ['n8n-workflow'];

interface Import {
	readonly file: string;
	readonly target: string;
	readonly isLazy: boolean;
}

function findSources(folder: string): string[] {
	return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => path.posix.join(folder, name.split(path.sep).join('/')));
}

function findImports(file: string): Import[] {
	const text = readFileSync(path.join(root, file), 'utf8');
	const statements = text.matchAll(
		/(?:^|\n)(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'|(await import)\('([^']+)'\)|(?:^|\n)import\s+'([^']+)'/g,
	);
	return [...statements].map(([, , named, lazy, dynamic, bare]) => ({
		file,
		target: resolveTarget(file, named ?? dynamic ?? bare ?? ''),
		isLazy: lazy !== undefined,
	}));
}

function resolveTarget(file: string, target: string): string {
	if (target.startsWith('.')) return path.posix.join(path.posix.dirname(file), target);
	if (target.startsWith('node:')) return 'node';
	return target.split('/')[0] ?? '';
}

/** `mail/errors` -> `mail/vocabulary`; `mail/routing/router` -> `mail/routing`. */
function toRoom(place: string): string {
	if (/^mail\/[^/]+$/.test(place.replace(/\.ts$/, ''))) {
		const isFolder = Object.keys(mayImport).includes(place);
		return isFolder ? place : 'mail/vocabulary';
	}
	const rooms = Object.keys(mayImport).filter(
		(room) => `${place}/`.startsWith(`${room}/`) || place.startsWith(`${room}.`),
	);
	return rooms.sort((a, b) => b.length - a.length)[0] ?? place;
}

const isInside = (room: string, allowed: string) =>
	room === allowed || room.startsWith(`${allowed}/`);

const sources = ['credentials', 'nodes', 'mail'].flatMap(findSources);

describe('the house', () => {
	it('has every source file in a room that is named here', () => {
		expect(sources.length).toBeGreaterThan(20);
		expect(sources.map(toRoom).filter((room) => !(room in mayImport))).toEqual([]);
	});

	it('has imports in one direction only', () => {
		const trespasses = sources.flatMap(findImports).filter(({ file, target }) => {
			const room = toRoom(file);
			const entered = toRoom(target);
			return (
				room !== entered && !(mayImport[room] ?? []).some((allowed) => isInside(entered, allowed))
			);
		});
		expect(trespasses.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
	});

	it('loads nothing heavy when n8n starts: node files reach the engine by await import() alone', () => {
		const atStart = new Set<string>();
		const visit = (file: string) => {
			if (atStart.has(file)) return;
			atStart.add(file);
			for (const { target, isLazy } of findImports(file)) {
				if (isLazy) continue;
				const next = [`${target}.ts`, `${target}/index.ts`].find((name) => sources.includes(name));
				if (next !== undefined) visit(next);
				else expect([...cheapLibraries, 'node']).toContain(target);
			}
		};
		for (const file of sources.filter((name) => /\.(node|credentials)\.ts$/.test(name)))
			visit(file);
		expect(atStart.size).toBeGreaterThan(3);
	});
});
