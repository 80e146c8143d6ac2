import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadFromHost } from '../../nodes/bridge/host-program';

/** A connector as an administrator writes it down; `changes` replace fields, undefined removes them. */
export function relayValue(changes: Readonly<Record<string, unknown>> = {}): object {
	return {
		name: 'Company relay',
		outgoingHost: 'relay.corp.test',
		outgoingPort: 587,
		outgoingSecurity: 'starttls',
		user: 'relay@corp.test',
		password: RELAY_PASSWORD,
		...changes,
	};
}

/** Found nowhere but in the settings. */
export const RELAY_PASSWORD = 'correct-horse-battery-staple';

/** n8n's service of overwrites, as its program would load it; `overwrites` may be changed at any time. */
export function overwriteService(overwrites: () => unknown): LoadFromHost {
	const CredentialsOverwrites = Symbol('the class');
	const service = { getAll: overwrites };
	const modules: Readonly<Record<string, unknown>> = {
		'@n8n/di': {
			Container: {
				get: (wanted: unknown) => (wanted === CredentialsOverwrites ? service : undefined),
			},
		},
		'../dist/credentials-overwrites.js': { CredentialsOverwrites },
	};
	return (name) => {
		if (!(name in modules)) throw new Error(`Cannot find module '${name}'`);
		return modules[name];
	};
}

/** Runs `work` with a file that holds `content`. */
export async function withFile<T>(content: string, work: (path: string) => Promise<T>): Promise<T> {
	const folder = await mkdtemp(join(tmpdir(), 'administrator-'));
	try {
		const path = join(folder, 'connector.json');
		await writeFile(path, content);
		return await work(path);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
