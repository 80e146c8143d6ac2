// npm run check:graph   every test that talks to Graph, each request and answer held against Microsoft's description
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
	const { status } = runBin('jest', ['--selectProjects', 'unit', ...which], { env });
	const isRight = printReport();
	return status === 0 && isRight ? 0 : 1;
});
