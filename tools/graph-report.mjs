// How the tests with Graph compare with Microsoft's description of it: each tenant of the tests leaves a line of figures
// in the folder that GRAPH_REPORT names (test/support/microsoft-tenant/description).
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from './prepare.mjs';

export const reportFolder = path.join(root, '.build', 'graph-report');
export const descriptionFile =
	process.env.GRAPH_DESCRIPTION ?? path.join(root, '../shared/facts/graph-mail-openapi.yaml');

export const hasDescription = () => existsSync(descriptionFile);

export function startReport() {
	rmSync(reportFolder, { recursive: true, force: true });
	mkdirSync(reportFolder, { recursive: true });
	return { GRAPH_REPORT: reportFolder };
}

/** Prints the violations and, last, the line of figures. Answers whether all is well; no request at all is not. */
export function printReport() {
	const rows = readdirSync(reportFolder).flatMap((name) =>
		readFileSync(path.join(reportFolder, name), 'utf8')
			.split('\n')
			.filter((line) => line !== '')
			.map((line) => JSON.parse(line)),
	);
	const sum = (name) => rows.reduce((total, row) => total + row[name], 0);
	const violations = rows.flatMap((row) => row.violations);
	for (const violation of violations) console.log(violation);
	const requests = sum('requests');
	console.log(
		`${requests} requests, ${sum('responses')} responses, ${violations.length} violations`,
	);
	return requests > 0 && violations.length === 0;
}
