// npm test            what runs on any machine: types, lint, the packed package, unit tests
// npm test -- --all   also against Dovecot and Postfix, and in a real n8n with a browser (see docs/development.md)
// Ends with the line "N passed, N failed"; each step that is no test run counts as one.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { hasDescription, printReport, startReport } from './graph-report.mjs';
import { ensureDependencies, requireNode, root, runBin, runMain } from './prepare.mjs';

const all = process.argv.includes('--all');
// Microsoft's description of Graph is on few machines; where it is, every test with Graph is held against it.
const graphReport = hasDescription() ? startReport() : undefined;
const totals = { passed: 0, failed: 0 };
const secondTries = [];

function step(name, run) {
	console.log(`\n=== ${name}`);
	const ok = run() === 0;
	totals[ok ? 'passed' : 'failed']++;
	if (!ok) console.log(`--- failed: ${name}`);
}

const node = (...args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status;

function jest(project, ...args) {
	const report = path.join(root, '.build', `jest-${project}.json`);
	mkdirSync(path.dirname(report), { recursive: true });
	rmSync(report, { force: true });
	console.log(`\n=== ${project} tests`);
	runBin('jest', ['--selectProjects', project, '--json', `--outputFile=${report}`, ...args], {
		env: { ...process.env, ...graphReport },
	});
	if (!existsSync(report)) {
		totals.failed++;
		return;
	}
	const result = JSON.parse(readFileSync(report, 'utf8'));
	totals.passed += result.numPassedTests;
	// A file that does not even load has no failed tests of its own.
	totals.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
	if (result.numPassedTests === 0) totals.failed++;
	for (const { assertionResults, name } of result.testResults) {
		for (const { status, invocations, fullName } of assertionResults) {
			if (status !== 'passed' || invocations === 1) continue;
			secondTries.push(`${path.relative(root, name)}: ${fullName}`);
		}
	}
}

await runMain(() => {
	requireNode();
	ensureDependencies();
	step('types', () => node('tools/run.mjs', 'typecheck'));
	step('lint', () => node('tools/run.mjs', 'lint'));
	step('package', () => node('tools/run.mjs', 'tools/check-package.ts'));
	jest('unit');
	if (all) {
		jest('servers', '--maxWorkers=2');
		jest('e2e', '--maxWorkers=2');
	}
	if (graphReport) step('Graph as Microsoft describes it', () => (printReport() ? 0 : 1));
	if (secondTries.length > 0) {
		console.log(`\nPassed on the second try only, look at them:\n  ${secondTries.join('\n  ')}`);
	}
	console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
	return totals.failed === 0 ? 0 : 1;
});
