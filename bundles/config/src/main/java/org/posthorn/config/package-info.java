/**
 * Watches {@code config/}: each {@code PID.cfg} is checked against what the bundle that reads it declares (its metatype), and only what is whole and right comes into
 * force. A file with a fault changes nothing: the last good settings stay.
 */
package org.posthorn.config;
