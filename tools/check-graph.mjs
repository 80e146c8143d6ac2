// npm run check:graph   every test that talks to Graph, each request and answer held against Microsoft's description
// npm run check:graph -- --all   also those against Dovecot and in a real n8n
// Ends with the line "N requests, N responses, N violations".
import { ensureDependencies, requireNode, runBin, runMain } from './prepare.mjs';
import { descriptionFile, hasDescription, printReport, startReport } from './graph-report.mjs';

await runMain(() => {
	requireNode();
	if (!hasDescription()) {
		console.error(
			`Nothing can be checked: Microsoft's description of Graph is not at ${descriptionFile}.`,
		);
		return 1;
	}
	ensureDependencies();
	const env = { ...process.env, ...startReport() };
	const which = ['--findRelatedTests', 'test/support/microsoft-tenant/tenant.ts'];
	const all = process.argv.includes('--all');
	const runs = all ? [['unit'], ['servers', '--runInBand'], ['e2e', '--runInBand']] : [['unit']];
	const statuses = runs.map(
		([project, ...flags]) =>
			runBin('jest', ['--selectProjects', project, ...flags, '--passWithNoTests', ...which], {
				env,
			}).status,
	);
	const isRight = printReport();
	return isRight && statuses.every((status) => status === 0) ? 0 : 1;
});
