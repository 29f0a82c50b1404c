/**
 * Commands for people and scripts: those that bundles offer as {@code ShellCommands}, run over the control channel ({@code posthorn exec}) or in the Felix shell
 * ({@code posthorn shell}).
 */
package org.posthorn.shell;
