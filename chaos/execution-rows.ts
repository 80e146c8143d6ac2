import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { N8nInstallation } from '../tools/n8n/install';
import type { Execution } from './evidence';

const rows = z.array(
	z.object({
		id: z.union([z.number(), z.string()]).transform(String),
		status: z.string(),
		createdAt: z.string(),
	}),
);

/** Runs on n8n's own Node: the native module is compiled for that. */
const SCRIPT = `
const [, module, file, workflowId] = process.argv;
const { Database, OPEN_READONLY } = require(module);
const database = new Database(file, OPEN_READONLY);
database.configure('busyTimeout', 10000);
const query = 'SELECT id, status, createdAt FROM execution_entity WHERE workflowId = ?';
database.all(query, [workflowId], (error, rows) => {
	if (error) throw error;
	console.log(JSON.stringify(rows));
});`;

/**
 * The executions of a workflow from n8n's database: its REST API pages them differently from release to release, and
 * does not answer while n8n is down.
 */
export async function readExecutions(
	installation: N8nInstallation,
	userFolder: string,
	workflowId: string,
): Promise<Execution[]> {
	const module = path.join(installation.folder, 'node_modules', 'sqlite3');
	const file = path.join(userFolder, '.n8n', 'database.sqlite');
	const read = await promisify(execFile)(
		installation.nodePath,
		['-e', SCRIPT, module, file, workflowId],
		{ maxBuffer: 64 * 1024 * 1024 },
	);
	return rows.parse(JSON.parse(read.stdout)).map(({ id, status, createdAt }) => ({
		id,
		status,
		// sqlite gives UTC without saying so.
		createdAt: Date.parse(`${createdAt.replace(' ', 'T')}Z`),
	}));
}
