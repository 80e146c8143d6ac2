import { toExcerpt } from '../excerpt';
import type { Route } from './route';
import { foldText } from './text-fold';

/** Where mail goes that leaves by an output: an input of another node. */
export interface OutputTarget {
	readonly nodeId: string;
	readonly input: number;
	/** For the user; says nothing of which node it is. */
	readonly nodeName: string;
}

/** An output with its connections; its position is that in the list. */
export interface ConnectedOutput {
	/** Which of them it is, wherever it stands. */
	readonly key: string;
	/** As in a sentence: `route "Invoices"`, `the fallback`. */
	readonly name: string;
	readonly targets: readonly OutputTarget[];
}

export interface OutputShift {
	readonly name: string;
	readonly before: readonly OutputTarget[];
	readonly now: readonly OutputTarget[];
}

/** The outputs of a node in their order, with what each position is connected to. */
export function toOutputs(
	routes: ReadonlyArray<Pick<Route, 'name'>>,
	targets: ReadonlyArray<readonly OutputTarget[]>,
): ConnectedOutput[] {
	const named = [
		...routes.map(({ name }) => ({
			key: `route ${foldText(name)}`,
			name: `route ${toExcerpt(name)}`,
		})),
		{ key: 'fallback', name: 'the fallback' },
		{ key: 'error', name: 'the error output' },
	];
	return named.map((output, position) => ({ ...output, targets: targets[position] ?? [] }));
}

/**
 * Outputs that have moved to another position while the connections have stayed at theirs, so that their mail would
 * silently take another way. A new name, a name that is gone, and a position that was connected anew are none.
 */
export function findShifts(
	before: readonly ConnectedOutput[],
	now: readonly ConnectedOutput[],
): OutputShift[] {
	return now.flatMap((output, position): OutputShift[] => {
		const former = before.findIndex(({ key }) => key === output.key);
		if (former === -1 || former === position) return [];
		const led = before[former]?.targets ?? [];
		const isSameWay = leadsTo(output.targets, led);
		const isUntouched = leadsTo(output.targets, before[position]?.targets ?? []);
		return isSameWay || !isUntouched
			? []
			: [{ name: output.name, before: led, now: output.targets }];
	});
}

/** Whether two states are the same in all that decides where mail goes. */
export function isSameWiring(
	one: readonly ConnectedOutput[],
	other: readonly ConnectedOutput[],
): boolean {
	return (
		one.length === other.length &&
		one.every((output, position) => {
			const counterpart = other[position];
			return output.key === counterpart?.key && leadsTo(output.targets, counterpart?.targets ?? []);
		})
	);
}

/** So many are told one by one. */
const TOLD = 3;

/** `route "A" would now lead to "X" instead of "Y", because route "B" was added`. */
export function describeShifts(
	shifts: readonly OutputShift[],
	before: readonly ConnectedOutput[],
	now: readonly ConnectedOutput[],
): string {
	const told = shifts
		.slice(0, TOLD)
		.map(
			(shift) =>
				`${shift.name} would now lead to ${toNames(shift.now)} instead of ${toNames(shift.before)}`,
		);
	const more = shifts.length > TOLD ? [`${shifts.length - TOLD} more have moved too`] : [];
	return `${[...told, ...more].join('; ')}, because ${toReason(before, now)}`;
}

function toReason(before: readonly ConnectedOutput[], now: readonly ConnectedOutput[]): string {
	const isIn = (list: readonly ConnectedOutput[], key: string) =>
		list.some((output) => output.key === key);
	const added = now.filter(({ key }) => !isIn(before, key));
	const removed = before.filter(({ key }) => !isIn(now, key));
	const [one] = [...added, ...removed];
	if (one !== undefined && added.length + removed.length === 1) {
		return `${one.name} was ${added.length === 1 ? 'added' : 'removed'}`;
	}
	return 'the list of routes has changed';
}

function toNames(targets: readonly OutputTarget[]): string {
	return targets.length === 0
		? 'nothing'
		: targets.map(({ nodeName }) => toExcerpt(nodeName)).join(' and ');
}

function leadsTo(one: readonly OutputTarget[], other: readonly OutputTarget[]): boolean {
	const toKeys = (targets: readonly OutputTarget[]) =>
		new Set(targets.map(({ nodeId, input }) => `${input} ${nodeId}`));
	const keys = toKeys(one);
	const others = toKeys(other);
	return keys.size === others.size && [...keys].every((key) => others.has(key));
}
