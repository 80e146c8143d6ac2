import type { NodeHint } from 'n8n-workflow';
import { findUnreachableText } from './reach';

/**
 * Words in the editor before anything runs. n8n computes when a hint is shown, and not what it says: the canvas, where
 * the names of outputs are computed, says which route it is.
 */
export const triggerHints: NodeHint[] = [
	{
		type: 'warning',
		message:
			'A route never gets an e-mail: one that is asked before it takes all that would fit. Its output has a ⚠ on the canvas. Give it a smaller priority, or other rules.',
		location: 'outputPane',
		whenToDisplay: 'always',
		displayCondition: `={{ ${findUnreachableText}($parameter).length > 0 }}`,
	},
];
