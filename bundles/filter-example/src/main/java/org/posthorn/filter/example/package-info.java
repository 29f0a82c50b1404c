/** A filter to copy. */
package org.posthorn.filter.example;
