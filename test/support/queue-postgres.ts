import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFreePorts } from '../../tools/free-port';
import { requireProgram } from './installed-program';
import { type QueueServer, startQueueServer } from './queue-server';

const run = promisify(execFile);

/** PostgreSQL with a database of its own: user and database as named here, no password. */
export interface Postgres extends QueueServer {
	readonly user: string;
	readonly database: string;
	/** Rows of text, NULL as ''. Throws with the server's words. */
	sql(query: string): Promise<string[][]>;
}

const USER = 'n8n';
/** The one that exists from the beginning. */
const DATABASE = 'postgres';

/** What separates fields and rows in psql's answer: characters that no text of ours contains. */
const FIELD = '\u001f';
const ROW = '\u001e';

/** A new cluster in `folder`; the folders above it must be open to other accounts. */
export async function startPostgres(folder: string): Promise<Postgres> {
	const programs = findPrograms();
	const asOwner = await ownerOf(folder);
	const data = join(folder, 'data');
	const initdb = [join(programs, 'initdb'), '--pgdata', data, '--username', USER, '--no-sync'];
	await runCommand([...asOwner, ...initdb, '--auth', 'trust', '--encoding', 'UTF8']);
	const [port = 0] = await findFreePorts(1);
	const settings = {
		port: String(port),
		listen_addresses: '127.0.0.1',
		unix_socket_directories: '',
		// What a killed process has committed is kept all the same: only a crash of the machine would lose it.
		fsync: 'off',
	};
	const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
	const server = await startQueueServer({
		command: [...asOwner, join(programs, 'postgres'), '-D', data, ...args],
		port,
		logFile: join(folder, 'postgres.log'),
	});
	const psql = [join(programs, 'psql'), '--no-psqlrc', '--no-align', '--tuples-only', '--quiet'];
	const target = ['-h', '127.0.0.1', '-p', String(port), '-U', USER, '-d', DATABASE];
	const format = ['-v', 'ON_ERROR_STOP=1', '-F', FIELD, '-R', ROW];
	return {
		...server,
		user: USER,
		database: DATABASE,
		async sql(query) {
			const text = await runCommand([...psql, ...target, ...format, '-c', query]);
			const rows = text.replace(/\n$/, '');
			return rows === '' ? [] : rows.split(ROW).map((row) => row.split(FIELD));
		},
	};
}

/** Debian keeps the server's programs apart by version and out of every PATH. */
function findPrograms(): string {
	const versions = '/usr/lib/postgresql';
	const folders = existsSync(versions)
		? readdirSync(versions)
				.sort((a, b) => Number(b) - Number(a))
				.map((version) => join(versions, version, 'bin'))
		: [];
	const found = folders.find((folder) => existsSync(join(folder, 'initdb')));
	return found ?? join(requireProgram('initdb', 'postgresql'), '..');
}

/** PostgreSQL refuses to run as root: then it runs as, and the folder belongs to, the account of its package. */
async function ownerOf(folder: string): Promise<readonly string[]> {
	await mkdir(folder, { recursive: true });
	if (process.getuid?.() !== 0) return [];
	const ids = await Promise.all(
		['-u', '-g'].map(async (kind) => Number(await runCommand(['id', kind, 'postgres']))),
	);
	const [uid = 0, gid = 0] = ids;
	await chown(folder, uid, gid);
	return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--'];
}

async function runCommand(command: readonly string[]): Promise<string> {
	const [program = '', ...args] = command;
	// Not our own folder: PostgreSQL's account may not be allowed to enter it.
	const { stdout } = await run(program, args, { cwd: '/', maxBuffer: 256 * 1024 * 1024 });
	return stdout;
}
