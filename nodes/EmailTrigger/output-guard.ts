import type { ITriggerFunctions } from 'n8n-workflow';
import { MailError } from '../../mail/errors';
import type { Log } from '../../mail/ports';
import {
	type ConnectedOutput,
	describeShifts,
	findShifts,
	isSameWiring,
	toOutputs,
} from '../../mail/routing/output-shift';
import type { Route } from '../../mail/routing/route';
import { openJournal } from '../bridge/journal';
import { createOutputNotes, type OutputNote, type OutputNotes } from '../bridge/output-note';
import { readWiring } from '../bridge/workflow-connection';

/**
 * Activations that were refused, by n8n's object for them: n8n tries each up to five times, which is not yet the user
 * who publishes again.
 */
const refusedActivations = new WeakSet<object>();

/**
 * Refuses once to publish outputs that have moved while their connections stayed, so that mail would silently take
 * another way; published again as it is, it is meant so. Throws MailError `settings.outputsMoved`. When n8n starts, or
 * its leader changes, nothing new is refused: what ran goes on. Where n8n does not tell connections, nothing is.
 */
export async function guardOutputs(
	context: ITriggerFunctions,
	routes: readonly Route[],
	log: Log,
): Promise<void> {
	const wiring = readWiring(context);
	if (wiring === undefined) {
		log.debug('The connections of this n8n cannot be read: moved outputs are not noticed.');
		return;
	}
	const notes = openNotes(context, log);
	const now = toOutputs(routes, wiring.targets);
	const note = notes.read();
	if (note !== undefined && isRefused(note, now, isByUser(context), wiring.activation)) {
		refusedActivations.add(wiring.activation);
		if (note.refused === undefined || !isSameWiring(note.refused, now)) {
			await notes.write({ accepted: note.accepted, refused: now });
		}
		throw new MailError('settings.outputsMoved', { subject: describe(note, now) });
	}
	const isNoted = note !== undefined && note.refused === undefined;
	if (!isNoted || !isSameWiring(note.accepted, now)) await notes.write({ accepted: now });
}

/** What publishing would refuse, in words, for a test run. Changes nothing. */
export function warnOfOutputs(
	context: ITriggerFunctions,
	routes: readonly Route[],
	log: Log,
): string[] {
	const wiring = readWiring(context);
	const note = openNotes(context, log).read();
	if (wiring === undefined || note === undefined) return [];
	const now = toOutputs(routes, wiring.targets);
	const isMoved = findShifts(note.accepted, now).length > 0;
	return isMoved ? [`Outputs have moved: ${describe(note, now)}.`] : [];
}

function openNotes(context: ITriggerFunctions, log: Log): OutputNotes {
	const key = `${context.getWorkflow().id ?? ''} ${context.getNode().id} outputs`;
	return createOutputNotes(context, openJournal(key, log));
}

function isRefused(
	note: OutputNote,
	now: readonly ConnectedOutput[],
	byUser: boolean,
	activation: object,
): boolean {
	const isPending = note.refused !== undefined && isSameWiring(note.refused, now);
	// Refused before n8n was started: it has not run since, and nobody has said that it should.
	if (isPending) return !byUser || refusedActivations.has(activation);
	return byUser && findShifts(note.accepted, now).length > 0;
}

function describe({ accepted }: OutputNote, now: readonly ConnectedOutput[]): string {
	return describeShifts(findShifts(accepted, now), accepted, now);
}

function isByUser(context: ITriggerFunctions): boolean {
	const mode = context.getActivationMode();
	return mode !== 'init' && mode !== 'leadershipChange';
}
